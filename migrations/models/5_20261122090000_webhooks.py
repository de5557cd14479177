"""Webhooks: endpoints, what is delivered to them, and each attempt at it."""

from tortoise import BaseDBAsyncClient

RUN_IN_TRANSACTION = True


async def upgrade(db: BaseDBAsyncClient) -> str:
    return r"""
        -- Secrets are encrypted. The old one signs beside the new one until its time is over.
        CREATE TABLE webhook_endpoints (
            id uuid PRIMARY KEY,
            url text NOT NULL CHECK (url <> ''),
            description text NOT NULL,
            tenant_id uuid REFERENCES tenants,
            event_types text[] NOT NULL,
            active boolean NOT NULL,
            secret bytea NOT NULL,
            old_secret bytea,
            old_secret_until timestamptz,
            created_at timestamptz NOT NULL,
            failing_since timestamptz,
            gone_at timestamptz,
            deleted_at timestamptz,
            CONSTRAINT webhook_endpoints_old_secret CHECK ((old_secret IS NULL) = (old_secret_until IS NULL)),
            CONSTRAINT webhook_endpoints_deleted CHECK (deleted_at IS NULL OR NOT active),
            CONSTRAINT webhook_endpoints_gone CHECK (gone_at IS NULL OR NOT active)
        );
        CREATE INDEX webhook_endpoints_listed ON webhook_endpoints (id) WHERE deleted_at IS NULL;
        CREATE INDEX webhook_endpoints_hearing ON webhook_endpoints (tenant_id) WHERE active;
        -- The payload is kept as it is sent: a repeated message has the same bytes.
        CREATE TABLE webhook_deliveries (
            id uuid PRIMARY KEY,
            endpoint_id uuid NOT NULL REFERENCES webhook_endpoints,
            event_type text NOT NULL,
            payload text NOT NULL,
            status text NOT NULL CHECK (status IN ('PENDING', 'DELIVERED', 'FAILED')),
            tries int NOT NULL CHECK (tries >= 0),
            attempts int NOT NULL CHECK (attempts >= 0),
            next_attempt_at timestamptz,
            leased_until timestamptz,
            created_at timestamptz NOT NULL,
            delivered_at timestamptz,
            CONSTRAINT webhook_deliveries_pending CHECK ((status = 'PENDING') = (next_attempt_at IS NOT NULL)),
            CONSTRAINT webhook_deliveries_leased CHECK (leased_until IS NULL OR status = 'PENDING'),
            CONSTRAINT webhook_deliveries_delivered CHECK (status <> 'DELIVERED' OR delivered_at IS NOT NULL)
        );
        CREATE INDEX webhook_deliveries_due ON webhook_deliveries (endpoint_id, next_attempt_at) WHERE status = 'PENDING';
        CREATE INDEX webhook_deliveries_of_endpoint ON webhook_deliveries (endpoint_id, id);
        CREATE INDEX webhook_deliveries_of_endpoint_by_status ON webhook_deliveries (endpoint_id, status, id);
        CREATE INDEX webhook_deliveries_by_status ON webhook_deliveries (status, id);
        CREATE INDEX webhook_deliveries_finished ON webhook_deliveries (created_at) WHERE status <> 'PENDING';
        CREATE TABLE webhook_attempts (
            delivery_id uuid NOT NULL REFERENCES webhook_deliveries ON DELETE CASCADE,
            number int NOT NULL CHECK (number > 0),
            time timestamptz NOT NULL,
            status_code int,
            error text,
            duration_milliseconds int NOT NULL CHECK (duration_milliseconds >= 0),
            PRIMARY KEY (delivery_id, number)
        );
    """


async def downgrade(db: BaseDBAsyncClient) -> str:
    return r"""
        DROP TABLE webhook_attempts;
        DROP TABLE webhook_deliveries;
        DROP TABLE webhook_endpoints;
    """


MODELS_STATE = (
    "eJztXWtz2ziy/Ssof5lMlcblyI7jO7O1VXLibDRx7CnH2ezs3i0OJEISrilAw4cdz0z++w"
    "X4foA0CckyRPeXxCbRIH0aBLpPNxp/7i25TRxvf7Si1/yGsL0f0Z97DC+J+KFyb4D28GqV"
    "3ZEXfDxxwsZ4RS1fNgsv44nnu3jqizsz7HhEXLKJN3XpyqdcPmXvF+IuqeeJ3zw04y7CaO"
    "XyuYuXA3RH/QVliDOCfMIw85G4H1/EjrMvH2DzqXgCZfMN9BUw+ntAxNvPib8grujxP/8V"
    "lymzyVfiJb+ubqwZJY5dgIjasoPwuuXfr8Jrnz+P374LW8r3nFhT7gRLlrVe3fsLztLmQU"
    "DtfSkj780JIy72iZ0DjgWOE6OcXIreWFzw3YCkr2pnF2wyw4Ej4d/72yxgU4k6Cp8k/zn6"
    "e/xquWaWdXF5bX06u7asvYq25CuUQI8vTQXmQtOU+RKoP79F/WaAhFf35APevB9dvTg8/j"
    "6EgHv+3A1vhnDtfQsFsY8j0RD0DOXw/wrO1+Srr8Y5aV9CWryoDsbJhQzkbEgn8CUAbRfS"
    "67N/Xcuel573uyMvXPxzdBXi/HH0rxDo5X185/zy4h9Jcy6+zOijvXhzfnkagp+Bvco+pi"
    "rmP3+6vFBjXhIrQW/TqY/+Qg71/H6pQALSrIIy2qXhLzuoqMAlM/q1iv6bBXZr0E8lejHm"
    "95b4q+UQNvcX4teXxw0KSOB+eVxGO74zDG8VAQ4XKmuBvUUV5FPKsHuvhrkoV4J6cu8Tbw"
    "fBbgD3NB6w6egWmJ6OL0ZXv6pnmFPFAD/99fpsVMJ/6hKJjzW57zKtF6V6MdC3PbknEGK/"
    "CvxbccenS9IMfiRZnt5j0f3kh56pYvzx7NP16OMvBX28HV2fyTvDgi6Sqy/K81HaCfoyvn"
    "6P5K/o35cXZ+XvJW13/e89+U448LnF+J2F7TwmyeXkUkHN5OuKiu401FyU3ICaY4MUtLx5"
    "LTvY863A0/qcy7KgaZM17ZJbYXno6LkoCVo2WctLfENcqxulkJdZg1jYHa0+SCPkrPyQ8O"
    "kIaEEIEP32TXJfsxslLxNhVUX3HXcJnbMPJHKjxuJNMJuqKJmYYrxOO9pJVLOr2Su6+C7l"
    "C4uDSvz54o8mfgjAlZg1rsZvrveqM8EGcP3skTZe0Y6imp/7akCVg3eCpzd32LWtwiiWd/"
    "iQl66kbau3lsNl+QpmeB7CI/8O+dYx7J9ISITtKcj05NagiUv3SEakPcykj5AnBgWxf6AM"
    "CYvO3UeXzLlHGN2Qe2IjyVYgPkPU91DIXyDqiVsrv8qjr9UTsOgGTNaDBhYdSK+nJb2EJS"
    "juKkj1esYrJwJ0lwbdJScxS8zRKiOlHvWiFAAPPCN4rMbzjKDmRyYaPSKsAE2iMScLqjZa"
    "1URAqDNt5+WAZTRZw6F1083jyols0u0yV6n6lFjgbZO4MRTSB5mb3IAyi7gRShqzke+T5S"
    "rORCnzN8UWg0YaR7S1qFz4cq0fpHO+LLAvqRZxnzrERo5Qv3OPZi5fIsxQ7BIOkkRHMXhE"
    "J+LnCfcX++h6QSRbI5mZMm1zt6DTRZX02cLz1qCGRJfd2IpYYFM0xcPUUB9IinrSSA6KwC"
    "UK1mLMatznvEhJDbQVyW/arCbeV/z3w/Dl0eujk8PjoxPRJHzR9MrrBk2NL65LzjEjX30N"
    "EysnBka00SaWmCrnXEz6Ov5SWRZUbZyqK+bf0xgrcdBUYaRk4dR64yQKSbYNMTGx4s8xox"
    "4OYyC+tBnEkj+hjjAZ9tHY99AdFj9HloQMEAm/oBpf0u4GgksGuD1NdgJs0dgmuy4+5yrY"
    "9bsDkvabAftJTeLH3hkgBixxGXaUDEk9wiUxLaAN47yKSA9fvWoBtWhVi3V4rzSOA9clbK"
    "rw8BrGck6mF5NHEefDFigf1mJ8WEZYrqzi4dYfwmvvgnJZrodIHx+1gPr4qBZreasI9ly0"
    "IpaN77t4y0Uh8JcV/vKMipmV/hHajF3hVcoCygqUk09eeAr43lrwwO2Cc400IK1AWrha9F"
    "YxHZ9y7hDMalKBUqEytSmkHgvUxLLbMrd5eXlesJlPx2Wj+PPH0zNh2YWTs2hEo/BBFeqp"
    "w/X2xxQEIaBpGgUDuUbPTs1yhdHJNMrLgYqNU3EHMjW3gqbFZhQ2ymks/O7DlTBG/DjbXh"
    "1nz9e22ckZvBJqr+R6rIlQv7aQFNCJqOZ1h9CXsJe+QkQmC85vLMLsFZeS64IV9XcWd9cj"
    "1B4z0hN+g4o4T/Jt1kd50gmgzTailWjL2U9oQhzO5nKPD8K5qlniV8YZaR/t2UCHEPcxPO"
    "4T5gN1YRZTgR5SipsPR0BYbYthNbLE1OmCdirQh3jPttF2udNp4kja92JoP/a8scKed8eF"
    "3aHe7lk/pCuCMLS7D20geIHgNXjI7wItBATvs1MzlOuBcj1bQXUj5Xq60dTAUjeQjEm5mz"
    "VRypXW2c1ZvBmlW7KgYlZeE6R/Rr30FSSg9LdOTo8Cm/pnzHfv91SHR2R3B43HR8h2FhEN"
    "KWlNWE8XmM2J3GsoVixf/BD4HrUJ8hck5pO975DD556KnO4mDES0AbbNoIGITgz4Lu5BIg"
    "OOgdGOgZgFuGJTfUPZrESgF1zhU7BX0erYAW/1egqAtwHcCyb/R6Zqz7ce9KIUAK8B/ITM"
    "hOtbBb3+lJtMYq0Dbsy0G1W4P8r5Nnjmq6qk1MOeCgDq3VA3ZKty4nUqHIScQ1rvHeR935"
    "YVVHCcfYJsl94ShQdQ2wpMfcNNfZfMqXxKVzOlLAdrpsaaCRkpUEbVdFXsmoMLJfmgJN9T"
    "x7xMLckXc/EKyzFj6esNx5jIbWc3jsO8Y1mQRmYg8zuh5++8ffSbz33soP8NhsPjV8jh0x"
    "tiJ78d/BZVvnvz/uzNh58QXvJA4I6wS9CSMu4iMQx8hfH5uI8CC9aAGanJgoXCF49d+CJB"
    "yyJfV5wpDwD4tBSTQ+2GdmUHfdrOfjh8fZzuZJe/NG1i//RxdH5ezb4Lp6sqsqd0XotrKr"
    "I9LA8eF8j/GQ4PD18PDw6PT14dvX796uQghbV6qwnk0/E/JMSFIV7FPFoVuoGeyQDqeqjb"
    "gSqftwHyWADw1sP7lriekt5pwjwnBLjr4d79eCg4GGrdg6GEPWt7VjRH61SMrYpDPrvJdI"
    "/wdQPs6CtcJQ8aN1njUlU6tUvycqBhkzUcFmenIYmoV9g9JwuaNlnTEJN5FmoOVrammouS"
    "oGaj1Qz7R/uvY9hYuJl4hgEB696gCds0t7NNszxqNwBrvyrilUE1NQ/gPS9FqvPXB005AA"
    "su+x+0yQA4jyLuS87IfVSWjAXLCXFl5F3uC4sJZrlpTMbt31+ev91HYuT8iF5EmQYCuUEs"
    "83016r/57teI9Kc9dpnFC0IQ9+98Sk6oum5BjUymT9HnLYc1omyZbsBnMgC8NvBTvPIDt2"
    "u8Oi8FkTw95OWu5kCxEb4+wyiT6GF+0UmL/KKT2vyik+o5USsq5n2dk9ILksAcmMwcUHbL"
    "6bRj5kdOSGvuMkyfT7RuAMve1w/MkD2JlysSbwVTeJXZzUGTa8mTZi39y0tGkEvEKPL86P"
    "DTJb9NHMIB4mxK5H7EpBY2FY14MF3Io1ErXiC1FQ7mI/QPueSG+5Rm+fHmzo0d6O0b8fZV"
    "NOv3OCbte2E2P0G5Eajusj24qU2WK+6HWxtuSKcdKArRPlSH3sJBt5StAr+mFndTbm1RTj"
    "PD1jC4nyDBdoJlqF5Ap5VVrpIGRlDbs5tR1/P1NFERBTXobyPCulooS4ISgOUAlqOJRlxw"
    "Vc2Ueu8saQ+JMsZUsLp2MfOiOofSM9lTcEblJoMm5sjPGlu+aN265m3uAsLMDhMFPOz4Az"
    "Qhaf1ah8+RxyMKiPpoipm4i8R48ZRcTzyZKwilLTwPUhiM++YGDXTT7mzM7J214MezSlui"
    "JGkPPIlOUVYxx3Vz1hMJ2AhbRrzJTzdkfY+KCeWWcNUKX23UuMbHK01uqW+9yjuUhaXpcR"
    "yr+c6Ta+wAiYcRZv/AmXPfcR3fQI+wUu/USg1b+bczg+1m2YreWUdpLL7jLFOWg2ho2eyU"
    "SFQArQ8TJe17YXY+ahKhS7CnmiwaDsFNJXqI7vCgTeTtoD7wdlAGGNK+n7RImaWDf0UU1K"
    "CtBluY6zo6KMqBAvQpG1nt0Ko57+LBMolW3bkXoILuU1F3HZQlQQnrTUTdNVAQA/j1cy6g"
    "wtyzCjhDhbnnpnGoMNd3DUOe9HbzpGHr31OVII4rerSHPZEAzHUxd4kMQigPl2/APS8F2G"
    "sngUqehbgr7PqK7Rj1gYuyHGQLlnzO7OEaWy9U0rABQzMsCnnOz8JEzUKpXTOeq5IwmxmT"
    "G/WLK21aRT5UdGPQlAO1kk1apj2p9qAPUPo7mhABc5hvHFX++877CUVKLkh5xL0VDx0gMp"
    "uRqU9viTVz+VKRFbWNB8L+eQM+pAGC/fNbtLziD6IKaEPtqUykF3RFMbPh+KhFZsPxUW1m"
    "g7xVqsDLqMKWqsc3ad9DcA+HLcA9HNafHTgsgxuuY13QTQV6CO/L4xbwviybnRm88lZ17F"
    "orVzlDvCVTusRO/SDOBMvOQCS5H/fQKzvx7dmb8cfR+Yvh68HLaCALs59GhXkTFRxVsp+K"
    "5khXz6sqDd6X0d4XONnPQs0zR6XgxrIJjlKxQNG2pmhXwo8WvrHl0T+6rlll0ee4ag0Hx6"
    "0XLZ8SVxGG+PnT5UVNplwiUEaWTn30F3Kot4PDvAFViURztLMc2CxNQrKDcrRzSRldBgob"
    "oWleyQlBkeb2E4shrN5nT1w/uyVMWcwgd3fQxO8Fsp1FZENdlu+G3H+/j34LD8367ceQbp"
    "s6VHSIPExtdLcgTBYV4NPwSHa7BY2n0yNsbtz+VLYGa9exdN065epMM2a3UK8OCLxHJ/B+"
    "DzDzqSri32hO5sXWNiVNw7yNLfmygy2ZTPAaLnFJFHxio33icKVXGK+cOwSzmgSPRKac1S"
    "GE+qXO08vL84ImT8flBMjPH0/Prl68LH1ZVUd4yZmvSKSR31IdMx4LNH1B/YJbfhGVFC8x"
    "l0z9Tqex5GWgzG4rs0XgxV1ba74vicJ8b9x8b5LbfC13Z+7Vuc3R3cHDbnO4ybOl2/xF1t"
    "a7wx4KPGJHhXxikxtRJn4JJ1oUiLHlIs4ICsNkioo+YbtczkrYzlKeJrGdR4Ljvf0Pfg3H"
    "GywALQsAPOpH96iTaaXLZJCXgTQuoCi2TlFMqFiNbEsTaoX00yD+WFGZTcPtiL9bF+yKLE"
    "DdmH2UxoTaRxQzGSj2sIsxxVMxHwlA3mHqBC7ZUzhIpRaNTtIkamvNosati6dGyfpRNXKM"
    "3IChKQ8cGzHuI9nnICxkfrdIC56KJqGjkroGygqqm+p2DYcn6rGLgZNJgKsDOwOe3KRcEk"
    "8yH1VA68sY5ER64QZto5CBWcvBx5ABqF8MPiYMwcNLQUgmtF4Ipg73ouNPJf90R/1FeHwF"
    "+Srk0ITLqkZ1dJVyBVi7P+C6DJydgOvaNNflY9fXKUZUEIQQjHEhmIJ7J0vCdVdxTgwUbL"
    "SCTfE1zFVpB7sXqkk9WXWd0GbT2RSVF4S5yri5yiwf5ypge/Uejrw7aOPfiCm0pXdzyQhy"
    "iRhJno98HhJQSUi+6ro81BiKVBixXoAnsmFPBGpmPjrVVDygUDLkiphPfZn7TKJPEZ/hy6"
    "PXRyeHx0epaZNeabJoFHXTOVMYjfX10uPmvdmOtzEgo1LWHaDMBADMMpghT6NlVBclwao2"
    "zqouVBqgjHoLvRMDiqJQWdxkPUeLsEVtxco9cl1cUyG1KFZSce+23Usj/T//LZMLgeupDM"
    "yGor2pBBS4LGJ5x129wyoKgjDTmDzTeFOxJgRO5716Bbkt7tdLr+zUhj3jmLFRdJRcIz82"
    "So+ba8WSxcfTddk8E+VsLbCHorRZ5HHR3o32soS7fdm0kruVXK/bHrOBTiEfzKgVqZ6ES9"
    "TWhVDKywCnpH8OS8dE4rxUn4ilLQfPojlNYZA9vClBZYw9h90fhyeDg9Y58gI0h0yVtQsa"
    "IS7IAcoKlA2xgcZxCF9h+oyz6H69xZOfxzRKa4VHxHwv32o5Ia6wTmTOIg98NMcrT9ooMn"
    "0x8uNblNXq2htkO+6WedP9nOgpHBG99hoLoV3dJFM/6FRQJZPohSFe3E590mI39UntZuqT"
    "ShXWpIRF+7kgFYG5QHsuoJ4XaHGgBUEIqxlNgsJRvX3X8Iwy7NA/iI6Wy7KgaZM1DWfVPk"
    "UxfqqzRObE4Jsy+Zu65VSvhl9BEHRsso5dIllixczZFAXOhCAEvBsh4JjjPKesiQINbw9a"
    "0KCWI1quxYUOkBjJVLZpcxyoUgRYze1/DcBq7pyRFn8zVeRrYc+L9An5jaVd34i/owvhmb"
    "QHuvMhuhOqcz56dU4Ic2iFOaAGZzcEdSoVwnm02jB3Oo8W6sI8A88e6sL0XMF42d2jymT6"
    "ZNhv26WC+ubrUwWGEGNfyGTB+c3I98lypdwZUWoxaKLH7qK2Yv4MG3evIJJsUBA901vi3o"
    "fsV5Tmp+DJugiuwZbl+uwy5EtiwJh1Zcwi9XUgbjKBPs3uG6NtEpulizmUyIAtZLQtFKUU"
    "Cr3ZXap0lKR6lAmwsW+GuG63wj2pQB+Oytv2His7ENiId7SWcoOlR8TrqGoB1JedqZOH9c"
    "CseGxsVL6NTaQGuzNt0srwjG0u2v6MhriqO5pxF2GGhPu/4gLwH8M9JCt873BsI+zJY9qp"
    "hzwi47DyeIUFv0Ph/lo/3HQ75WIxrBiom+8eCuQZbrSGJ8dEgHVZNQpSvYjjbHvtiD+mLq"
    "jnRAByDcjrtr7UI96zrS/bBtxPVraW9lDaHuwfhW2fZ6laApoXAUwVmDLx6Sf0n0b0RSEO"
    "+bMmEw8OwbI4ecB8qsiifWAfUUkWNG2ypqcuwXq1NouSwCQarebYg9ZSdFkWPmiTNZ1wER"
    "3DWiUxCOaqWLUqylWI33GX0Dn7QKKypmPxLpgpM7iKjNhZrsfdRDi7mn3hLr5LOavyGBNQ"
    "CABIlNZ1JQb+1fiNMDyflLpMtVBPXeYV9TB1mfzNrZnLz1fn0RmwC4JdD/EZik4tHsgfOS"
    "PJObHclRew4+yjsS85RrEei/+xSxBhU/d+JYaPirrceP/AXRowVQ0auMvAVdjw9WRO3ByY"
    "HJ1IV+41O0BeEgPoNaDPuPZuZcZLcnp1xncM/EqhcbEmCRO/ilvjftlMaIv7ZZ8GtDW3yx"
    "b3AsmFVAE1ZditGaOZTBnpez8atj2CWn7aeajF3HA6vhhd/aqeHZL2+UXx9Nfrs1EJdy6e"
    "pIN9UU4T/93xdx8ffj1WUSUPRITJRAQwi89CzTNMw6L5HmXKDW7N1ajKwvBJm6zrOWdE43"
    "vOiYF+TdZvRMdpxgjIRqds0PLjn8fVhXwrCMHZUo3BgQirDYQGrtOOdhLVBwMChUHVORyQ"
    "K3xUyRNWnecRd/LuwxVxcA3XVp+lvJsmZkUF3x4ziDIS2E8Xe4rYSXxn0BQywVmbh+Ik9T"
    "BsOBpRfwJMyyqb8bBfLwphfKZYffBBfD6ekg2vL32TE+kFE14sfTN89apF7RvRqrb4TXiv"
    "xN+Kj6oDwnHzHqL78uCgBbqiVS264b3yMTpMrFSKBf3nT5cXNRRGJlI2hunUR3+h/gUWJB"
    "jNUZ1yAKdkWMkOTp96M9O3/wfACf21"
)
